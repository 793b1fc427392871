#pragma once

#include <string>

#include "engine/core/result.h"
#include "viz/shot/image.h"

namespace dkv::viz {

// Writes the image as a PNG file and replaces an existing file. The error names the path.
Result<void> write_png(const Image& image, const std::string& path);

}  // namespace dkv::viz
