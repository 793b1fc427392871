#include "viz/shot/png.h"

#include <stb_image_write.h>

namespace dkv::viz {

Result<void> write_png(const Image& image, const std::string& path) {
  if (image.width <= 0 || image.height <= 0)
    return fail("an image without pixels cannot be written to \"" + path + '"');
  constexpr int kChannels = 4;
  if (stbi_write_png(path.c_str(), image.width, image.height, kChannels, image.pixels.data(),
                     image.width * kChannels) == 0) {
    return fail("\"" + path + "\" can't be written");
  }
  return {};
}

}  // namespace dkv::viz
