// libjpeg tells of errors by jumping back. Only frames without destructors may lie between: those of `guarded`.

#include <csetjmp>
#include <cstddef>
#include <cstdio>
// libjpeg's headers need stdio's.
#include <jerror.h>
#include <jpeglib.h>

#include <string>

#include "training/images/image.h"

namespace telegrad::training::images {
namespace {

constexpr int kMostScans = 100;  // a progressive file of many empty scans takes hours
constexpr std::size_t kChannels = 3;

class Decompressor final {
 public:
  explicit Decompressor(std::span<const std::uint8_t> file) : file_(file) {
    state_.err = jpeg_std_error(&errors_);
    state_.client_data = this;
    errors_.error_exit = [](j_common_ptr state) { fail(state); };
    errors_.emit_message = [](j_common_ptr state, int level) {
      // Below 0: corrupt data, and libjpeg goes on with pixels that it makes up; but bytes between two parts and scans in
      // an odd order cost none.
      const int code = state->err->msg_code;
      if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_BOGUS_PROGRESSION) fail(state);
    };
    guarded([&] { jpeg_create_decompress(&state_); });
    progress_.progress_monitor = [](j_common_ptr state) {
      if (reinterpret_cast<j_decompress_ptr>(state)->input_scan_number <= kMostScans) return;
      auto* self = static_cast<Decompressor*>(state->client_data);
      std::snprintf(self->message_, sizeof self->message_, "more than %d scans", kMostScans);
      std::longjmp(self->back_, 1);
    };
    state_.progress = &progress_;
  }
  ~Decompressor() { jpeg_destroy_decompress(&state_); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  Size read_header() {
    guarded([&] {
      jpeg_mem_src(&state_, file_.data(), static_cast<unsigned long>(file_.size()));
      jpeg_read_header(&state_, TRUE);
    });
    check_size(state_.image_width, state_.image_height);
    return {static_cast<int>(state_.image_width), static_cast<int>(state_.image_height)};
  }

  Image read() {
    const Size size = read_header();
    const bool four = state_.jpeg_color_space == JCS_CMYK || state_.jpeg_color_space == JCS_YCCK;
    state_.out_color_space = four ? JCS_CMYK : JCS_RGB;
    const std::size_t channels = four ? kChannels + 1 : kChannels;
    const std::size_t stride = static_cast<std::size_t>(size.width) * channels;
    Image image{size.width, size.height,
                std::vector<std::uint8_t>(stride * static_cast<std::size_t>(size.height))};
    guarded([&] {
      jpeg_start_decompress(&state_);
      while (state_.output_scanline < state_.output_height) {
        JSAMPROW row = image.pixels.data() + state_.output_scanline * stride;
        jpeg_read_scanlines(&state_, &row, 1);
      }
      jpeg_finish_decompress(&state_);
    });
    if (four) mix(image.pixels);
    return image;
  }

 private:
  /// Calls libjpeg. What it is given must not have locals with destructors.
  template <class Call>
  void guarded(Call call) {
    if (setjmp(back_) != 0) throw ImageError(std::string("is damaged (JPEG: ") + message_ + ")");
    call();
  }

  [[noreturn]] static void fail(j_common_ptr state) {
    auto* self = static_cast<Decompressor*>(state->client_data);
    (*state->err->format_message)(state, self->message_);
    std::longjmp(self->back_, 1);
  }

  /// Cyan, magenta, yellow and black to red, green and blue; Adobe's programs store what is left of the light.
  void mix(std::vector<std::uint8_t>& pixels) const {
    const unsigned flip = state_.saw_Adobe_marker != 0 ? 0 : 255;
    const std::size_t count = pixels.size() / 4;
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned light = pixels[4 * i + 3] ^ flip;
      for (std::size_t c = 0; c < kChannels; ++c) {
        pixels[kChannels * i + c] =
            static_cast<std::uint8_t>(((pixels[4 * i + c] ^ flip) * light + 127) / 255);
      }
    }
    pixels.resize(kChannels * count);
  }

  std::span<const std::uint8_t> file_;
  jpeg_decompress_struct state_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf back_{};
  char message_[JMSG_LENGTH_MAX] = "";
};

}  // namespace

Size jpeg_size(std::span<const std::uint8_t> file) { return Decompressor(file).read_header(); }

Image decode_jpeg(std::span<const std::uint8_t> file) { return Decompressor(file).read(); }

}  // namespace telegrad::training::images
