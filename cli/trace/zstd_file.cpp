#include "cli/trace/zstd_file.h"

#include <fmt/format.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>

#include "engine/core/assert.h"

namespace dkv::cli {
namespace {

constexpr int kLevel = 3;
constexpr int kWindowLogMax = 27;  // 128 MiB: the most memory that a file can make a reader allocate

std::string failure(const std::string& path, const char* doing, const char* why) {
  return fmt::format("{}: cannot {}: {}", path, doing, why);
}

}  // namespace

ZstdWriter::ZstdWriter(std::string path, std::FILE* file)
    : path_(std::move(path)), file_(file), context_(ZSTD_createCCtx()), packed_(ZSTD_CStreamOutSize(), '\0') {
  DKV_ASSERT(context_);
  ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
}

ZstdWriter::~ZstdWriter() {
  if (file_) std::fclose(file_);
  ZSTD_freeCCtx(context_);
}

Found<std::unique_ptr<ZstdWriter>> ZstdWriter::open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (!file) return tl::unexpected(failure(path, "write", std::strerror(errno)));
  return std::unique_ptr<ZstdWriter>(new ZstdWriter(path, file));
}

void ZstdWriter::write(std::string_view bytes) {
  compress(bytes, false);
}

void ZstdWriter::compress(std::string_view bytes, bool last) {
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  bool more = true;
  while (more && error_.empty()) {
    ZSTD_outBuffer out{packed_.data(), packed_.size(), 0};
    const std::size_t left = ZSTD_compressStream2(context_, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left)) {
      error_ = failure(path_, "compress", ZSTD_getErrorName(left));
    } else if (std::fwrite(packed_.data(), 1, out.pos, file_) != out.pos) {
      error_ = failure(path_, "write", std::strerror(errno));
    }
    more = last ? left != 0 : in.pos < in.size;
  }
}

Found<void> ZstdWriter::finish() {
  compress({}, true);
  if (std::fclose(file_) != 0 && error_.empty()) error_ = failure(path_, "write", std::strerror(errno));
  file_ = nullptr;
  if (!error_.empty()) return tl::unexpected(error_);
  return {};
}

ZstdLines::ZstdLines(std::string path, std::FILE* file)
    : path_(std::move(path)), file_(file), context_(ZSTD_createDCtx()), packed_(ZSTD_DStreamInSize(), '\0') {
  DKV_ASSERT(context_);
  ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kWindowLogMax);
}

ZstdLines::~ZstdLines() {
  std::fclose(file_);
  ZSTD_freeDCtx(context_);
}

Found<std::unique_ptr<ZstdLines>> ZstdLines::open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return tl::unexpected(failure(path, "read", std::strerror(errno)));
  return std::unique_ptr<ZstdLines>(new ZstdLines(path, file));
}

bool ZstdLines::next(std::string& line) {
  for (std::size_t searched = plain_at_;;) {
    if (const std::size_t end = plain_.find('\n', searched); end != std::string::npos) {
      line.assign(plain_, plain_at_, end - plain_at_);
      plain_at_ = end + 1;
      return true;
    }
    plain_.erase(0, plain_at_);
    plain_at_ = 0;
    searched = plain_.size();
    if (plain_.size() > kLineBytesMax) {
      error_ = failure(path_, "read", "a line is longer than the limit of traces");
      return false;
    }
    if (!refill()) return false;
  }
}

// Appends some decompressed bytes. False at the end.
bool ZstdLines::refill() {
  const std::size_t before = plain_.size();
  while (plain_.size() == before && error_.empty()) {
    if (packed_at_ == packed_size_) {
      packed_size_ = std::fread(packed_.data(), 1, packed_.size(), file_);
      packed_at_ = 0;
      if (packed_size_ == 0) return false;
    }
    plain_.resize(before + ZSTD_DStreamOutSize());
    ZSTD_inBuffer in{packed_.data(), packed_size_, packed_at_};
    ZSTD_outBuffer out{plain_.data() + before, plain_.size() - before, 0};
    const std::size_t status = ZSTD_decompressStream(context_, &out, &in);
    if (ZSTD_isError(status)) error_ = failure(path_, "decompress", ZSTD_getErrorName(status));
    packed_at_ = in.pos;
    plain_.resize(before + (error_.empty() ? out.pos : 0));
  }
  return error_.empty();
}

bool is_zstd_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  unsigned char magic[4] = {};
  return file && std::fread(magic, 1, 4, file.get()) == 4 && magic[0] == 0x28 && magic[1] == 0xb5 && magic[2] == 0x2f &&
         magic[3] == 0xfd;
}

}  // namespace dkv::cli
