// libpng tells of errors by jumping back. Only frames without destructors may lie between: those of `guarded`.

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <string>

#include "training/images/image.h"

namespace telegrad::training::images {
namespace {

class PngReader final {
 public:
  explicit PngReader(std::span<const std::uint8_t> file) : file_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, [](png_structp, png_const_charp) {});
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw ImageError("cannot be read: libpng does not start");
    }
    png_set_read_fn(png_, this, take);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  Size read_header() {
    guarded([&] { png_read_info(png_, info_); });
    const png_uint_32 width = png_get_image_width(png_, info_);
    const png_uint_32 height = png_get_image_height(png_, info_);
    check_size(width, height);
    return {static_cast<int>(width), static_cast<int>(height)};
  }

  Image read() {
    const Size size = read_header();
    const std::size_t stride = 3 * static_cast<std::size_t>(size.width);
    Image image{size.width, size.height,
                std::vector<std::uint8_t>(stride * static_cast<std::size_t>(size.height))};
    std::vector<png_bytep> rows;
    for (std::size_t row = 0; row < static_cast<std::size_t>(size.height); ++row) {
      rows.push_back(image.pixels.data() + row * stride);
    }
    std::size_t row_bytes = 0;
    guarded([&] {
      png_set_expand(png_);
      png_set_strip_16(png_);
      png_set_strip_alpha(png_);
      png_set_gray_to_rgb(png_);
      png_set_interlace_handling(png_);
      png_read_update_info(png_, info_);
      row_bytes = png_get_rowbytes(png_, info_);
    });
    if (row_bytes != stride) throw ImageError("is a PNG of a kind that does not become RGB");
    guarded([&] {
      png_read_image(png_, rows.data());
      png_read_end(png_, nullptr);
    });
    return image;
  }

 private:
  /// Calls libpng. What it is given must not have locals with destructors.
  template <class Call>
  void guarded(Call call) {
    if (setjmp(back_) != 0) throw ImageError(std::string("is damaged (PNG: ") + message_ + ")");
    call();
  }

  [[noreturn]] static void fail(png_structp png, png_const_charp message) {
    auto* self = static_cast<PngReader*>(png_get_error_ptr(png));
    std::strncpy(self->message_, message, sizeof self->message_ - 1);
    std::longjmp(self->back_, 1);
  }

  static void take(png_structp png, png_bytep into, std::size_t count) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > self->file_.size() - self->at_) png_error(png, "it is cut off");
    std::copy_n(self->file_.data() + self->at_, count, into);
    self->at_ += count;
  }

  std::span<const std::uint8_t> file_;
  std::size_t at_ = 0;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::jmp_buf back_{};
  char message_[128] = "";
};

}  // namespace

Size png_size(std::span<const std::uint8_t> file) { return PngReader(file).read_header(); }

Image decode_png(std::span<const std::uint8_t> file) { return PngReader(file).read(); }

}  // namespace telegrad::training::images
