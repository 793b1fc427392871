#pragma once

#include <string>

#include "engine/core/result.h"
#include "viz/shot/image.h"

namespace dkv::viz {

// Writes the image as a PNG file, replacing what was there. Fails with the path when it can't.
Result<void> write_png(const Image& image, const std::string& path);

}  // namespace dkv::viz
