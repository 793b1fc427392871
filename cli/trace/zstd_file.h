#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "cli/run/source.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace dkv::cli {

// Writes a zstd file (RFC 8878) piece by piece, with bounded memory.
class ZstdWriter {
 public:
  static Found<std::unique_ptr<ZstdWriter>> open(const std::string& path);
  ~ZstdWriter();
  ZstdWriter(const ZstdWriter&) = delete;
  ZstdWriter& operator=(const ZstdWriter&) = delete;

  // The first failure is kept for finish().
  void write(std::string_view bytes);
  // Ends the frame and closes the file. Call it once, as the last function.
  Found<void> finish();

 private:
  ZstdWriter(std::string path, std::FILE* file);
  void compress(std::string_view bytes, bool last);

  std::string path_;
  std::FILE* file_;
  ZSTD_CCtx_s* context_;
  std::string packed_;
  std::string error_;
};

// Reads such a file line by line. A line has at most kLineBytesMax bytes; longer ones are an error.
class ZstdLines {
 public:
  static constexpr std::size_t kLineBytesMax = std::size_t{64} << 20;

  static Found<std::unique_ptr<ZstdLines>> open(const std::string& path);
  ~ZstdLines();
  ZstdLines(const ZstdLines&) = delete;
  ZstdLines& operator=(const ZstdLines&) = delete;

  // False at the end, and after a failure (see error()). A last line without '\n' is not returned.
  bool next(std::string& line);
  const std::string& error() const noexcept { return error_; }

 private:
  ZstdLines(std::string path, std::FILE* file);
  bool refill();

  std::string path_;
  std::FILE* file_;
  ZSTD_DCtx_s* context_;
  std::string packed_;
  std::size_t packed_at_ = 0, packed_size_ = 0;
  std::string plain_;
  std::size_t plain_at_ = 0;
  std::string error_;
};

// Whether the file begins with the magic number of zstd.
bool is_zstd_file(const std::string& path);

}  // namespace dkv::cli
