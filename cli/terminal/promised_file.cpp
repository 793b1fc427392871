#include "cli/terminal/promised_file.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace dkv::cli {

PromisedFile::PromisedFile(std::string path) : path_(std::move(path)) {
  std::error_code error;
  existed_ = std::filesystem::exists(path_, error);
  file_.open(path_, std::ios::binary | std::ios::app);
}

PromisedFile::~PromisedFile() {
  std::error_code error;
  if (file_.is_open() && !existed_ && !written_) std::filesystem::remove(path_, error);
}

bool PromisedFile::write(const std::string& bytes) {
  file_.close();
  file_.open(path_, std::ios::binary | std::ios::trunc);
  written_ = file_.is_open();
  file_ << bytes;
  file_.close();
  return !file_.fail();
}

}  // namespace dkv::cli
