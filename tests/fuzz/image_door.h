#pragma once

#include <cstddef>
#include <cstdint>

namespace telegrad {

/// Decodes bytes as a JPEG or PNG file and aborts when a promise is broken: it ends in an image of the size that the
/// header states, or in an ImageError. Headers of more than a million pixels are not followed, to keep it fast.
void check_image_door(const std::uint8_t* bytes, std::size_t size);

}  // namespace telegrad
