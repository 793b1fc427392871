#pragma once

#include <fstream>
#include <string>

namespace dkv::cli {

// A file that will be written when the work is done. It is opened before the work, which would be lost if the file
// could not be written. Its old contents stay until write(). A new file is removed again when nothing was written.
class PromisedFile {
 public:
  explicit PromisedFile(std::string path);
  ~PromisedFile();
  PromisedFile(const PromisedFile&) = delete;
  PromisedFile& operator=(const PromisedFile&) = delete;

  bool is_writable() const { return file_.is_open(); }
  // Replaces the content. Answers whether the operating system has taken all of it.
  bool write(const std::string& bytes);

 private:
  std::string path_;
  bool existed_ = false;
  bool written_ = false;
  std::ofstream file_;
};

}  // namespace dkv::cli
