#include "viz/shot/png.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/catch.h"

// An independent reader, from the same package as the writer (stb_image_write).
#include <stb_image.h>

using namespace dkv::viz;

namespace {

struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "dkv-png-XXXXXX").string();
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a picture that was written reads back pixel for pixel") {
  const Folder folder;
  Image image(33, 17);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      image.at(x, y) = {static_cast<std::uint8_t>(x * 7), static_cast<std::uint8_t>(y * 11), 5,
                        static_cast<std::uint8_t>(255 - x)};
  const std::string path = folder.path + "/picture.png";
  REQUIRE(write_png(image, path));
  int width = 0, height = 0, channels = 0;
  unsigned char* pixels = stbi_load(path.c_str(), &width, &height, &channels, 4);
  REQUIRE(pixels != nullptr);
  CHECK(width == 33);
  CHECK(height == 17);
  CHECK(std::equal(image.pixels.begin(), image.pixels.end(), reinterpret_cast<const Pixel*>(pixels)));
  stbi_image_free(pixels);
}

TEST_CASE("a picture that can't be written is an error with its path") {
  const auto nowhere = write_png(Image(2, 2), "/nonexistent/picture.png");
  REQUIRE_FALSE(nowhere);
  CHECK_THAT(nowhere.error().what, ContainsSubstring("/nonexistent/picture.png"));
  CHECK_FALSE(write_png(Image(), "/tmp/none.png"));
}
