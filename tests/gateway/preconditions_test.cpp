#include "engine/gateway/preconditions.h"

#include "tests/catch.h"

namespace dkv::http {
namespace {

constexpr const char* kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr const char* kAt = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";
const Validators kStored{.exists = true, .tag = "abc", .modified_s = 784111777};
const Validators kNothing{};

constexpr auto kGo = Preconditions::kProceed;
constexpr auto kSame = Preconditions::kNotModified;
constexpr auto kStop = Preconditions::kFailed;

Preconditions conditional(Method method, Pairs headers, const Validators& stored = kStored) {
  Request request;
  request.method = method;
  request.headers = std::move(headers);
  return evaluate_preconditions(request, stored);
}

struct TagList {
  const char* list;
  bool strong;  // whether it matches "abc" by the strong comparison
  bool weak;
};
constexpr TagList kTagLists[] = {{"\"abc\"", true, true},
                                 {"W/\"abc\"", false, true},
                                 {"abc", true, true},
                                 {"*", true, true},
                                 {" * ", true, true},
                                 {"\"x\", \"abc\"", true, true},
                                 {"\"x\",\"y\"", false, false},
                                 {", ,\"x\" ,\t\"abc\",", true, true},
                                 {"W/\"x\", W/\"abc\"", false, true},
                                 {"\"a,b\", \"abc\"", true, true},
                                 {"\"ABC\"", false, false},
                                 {"\"abcd\"", false, false},
                                 {"\"xabc\"", false, false},
                                 {"\"\"", false, false},
                                 {"\"x,abc\"", false, false}};
constexpr const char* kUnreadableLists[] = {
    "",           "\"x, abc\"",       ",", "\"abc", "abc\"", "\"abc\" \"x\"", "w/\"abc\"x", "W/abc", "*, \"abc\"",
    "\"abc\", *", "\"a\"b\", \"abc\""};

}  // namespace

TEST_CASE("If-Match compares strongly, and If-None-Match weakly") {
  for (const TagList& row : kTagLists) {
    CAPTURE(row.list);
    for (const Method method : {Method::kGet, Method::kHead, Method::kPut, Method::kPost, Method::kDelete}) {
      const bool reads = method == Method::kGet || method == Method::kHead;
      CHECK(conditional(method, {{"if-match", row.list}}) == (row.strong ? kGo : kStop));
      CHECK(conditional(method, {{"if-none-match", row.list}}) == (!row.weak ? kGo : reads ? kSame : kStop));
    }
  }
}

TEST_CASE("nothing is named where nothing is stored, not even by a star") {
  for (const TagList& row : kTagLists) {
    CAPTURE(row.list);
    CHECK(conditional(Method::kPut, {{"if-match", row.list}}, kNothing) == kStop);
    CHECK(conditional(Method::kPut, {{"if-none-match", row.list}}, kNothing) == kGo);
  }
}

TEST_CASE("a list that can't be read lets a read proceed and a write fail") {
  for (const char* list : kUnreadableLists) {
    CAPTURE(list);
    CHECK(conditional(Method::kGet, {{"if-match", list}}) == kStop);
    CHECK(conditional(Method::kDelete, {{"if-match", list}}) == kStop);
    CHECK(conditional(Method::kGet, {{"if-none-match", list}}) == kGo);
    CHECK(conditional(Method::kPut, {{"if-none-match", list}}) == kStop);
    CHECK(conditional(Method::kPut, {{"if-none-match", list}}, kNothing) == kStop);
  }
}

TEST_CASE("the lines of a list are one list") {
  CHECK(conditional(Method::kPut, {{"if-match", "\"x\""}, {"host", "h"}, {"if-match", "\"abc\""}}) == kGo);
  CHECK(conditional(Method::kGet, {{"if-none-match", "\"x\""}, {"if-none-match", "\"abc\""}}) == kSame);
}

TEST_CASE("If-Modified-Since counts for reads, If-Unmodified-Since for all") {
  for (const Method method : {Method::kGet, Method::kHead}) {
    CHECK(conditional(method, {{"if-modified-since", kBefore}}) == kGo);
    CHECK(conditional(method, {{"if-modified-since", kAt}}) == kSame);
    CHECK(conditional(method, {{"if-modified-since", kAfter}}) == kSame);
  }
  for (const Method method : {Method::kPut, Method::kPost, Method::kDelete}) {
    CHECK(conditional(method, {{"if-modified-since", kAfter}}) == kGo);
  }
  for (const Method method : {Method::kGet, Method::kHead, Method::kPut, Method::kPost, Method::kDelete}) {
    CHECK(conditional(method, {{"if-unmodified-since", kBefore}}) == kStop);
    CHECK(conditional(method, {{"if-unmodified-since", kAt}}) == kGo);
    CHECK(conditional(method, {{"if-unmodified-since", kAfter}}) == kGo);
  }
}

TEST_CASE("an invalid date is ignored, and so is any date when nothing has one") {
  for (const char* date : {"", "yesterday", "1994", "Sun, 06 Nov 1994 08:49:36 GMT, Sun, 06 Nov 1994 08:49:36 GMT"}) {
    CHECK(conditional(Method::kGet, {{"if-modified-since", date}}) == kGo);
    CHECK(conditional(Method::kPut, {{"if-unmodified-since", date}}) == kGo);
  }
  const Validators undated{.exists = true, .tag = "abc", .modified_s = {}};
  CHECK(conditional(Method::kGet, {{"if-modified-since", kAfter}}, undated) == kGo);
  CHECK(conditional(Method::kPut, {{"if-unmodified-since", kBefore}}, undated) == kGo);
  CHECK(conditional(Method::kPut, {{"if-unmodified-since", kBefore}}, kNothing) == kGo);
}

TEST_CASE("tags take precedence over dates, and If-Match over If-None-Match") {
  const char* mine = "\"abc\"";
  const char* other = "\"x\"";
  CHECK(conditional(Method::kPut, {{"if-match", mine}, {"if-unmodified-since", kBefore}}) == kGo);
  CHECK(conditional(Method::kPut, {{"if-match", other}, {"if-unmodified-since", kAfter}}) == kStop);
  CHECK(conditional(Method::kGet, {{"if-none-match", other}, {"if-modified-since", kAfter}}) == kGo);
  CHECK(conditional(Method::kGet, {{"if-none-match", mine}, {"if-modified-since", kBefore}}) == kSame);
  CHECK(conditional(Method::kGet, {{"if-none-match", "\"broken"}, {"if-modified-since", kAfter}}) == kGo);
  CHECK(conditional(Method::kGet, {{"if-match", other}, {"if-none-match", mine}}) == kStop);
  CHECK(conditional(Method::kGet, {{"if-match", mine}, {"if-none-match", mine}}) == kSame);
  CHECK(conditional(Method::kGet, {{"if-unmodified-since", kBefore}, {"if-none-match", mine}}) == kStop);
  CHECK(conditional(Method::kGet, {{"if-unmodified-since", kAfter}, {"if-modified-since", kAfter}}) == kSame);
  CHECK(conditional(Method::kPut, {{"if-match", mine}, {"if-none-match", mine}}) == kStop);
}

TEST_CASE("a request has preconditions when one counts for its method") {
  Request request;
  request.method = Method::kPut;
  CHECK_FALSE(has_preconditions(request));
  request.headers = {{"if-modified-since", kAt}};
  CHECK_FALSE(has_preconditions(request));
  request.method = Method::kHead;
  CHECK(has_preconditions(request));
  request.method = Method::kDelete;
  for (const char* name : {"if-match", "if-none-match", "if-unmodified-since"}) {
    request.headers = {{name, "*"}};
    CHECK(has_preconditions(request));
  }
}

TEST_CASE("siblings share one tag, which changes when one of them expires, and the latest date") {
  const auto object = [](bool ended) {
    const Dot first{{{1, 2}, 1}, 1}, second{{{1, 2}, 1}, 2};
    std::vector<Sibling> siblings;
    siblings.push_back({.dot = first, .hlc = Hlc{784111777'000ULL << 16}, .value = Blob(std::string("v"))});
    siblings.push_back({.dot = second, .hlc = Hlc{784111000'000ULL << 16}, .expires_wall_ns = 7});
    siblings.back().tombstone = ended;
    return Object::make(VersionVector().with(first).with(second), siblings);
  };
  const Validators before = validators_of(object(false).get());
  CHECK(before.exists);
  CHECK(before.modified_s == 784111777);
  CHECK(before.tag != validators_of(object(true).get()).tag);
  CHECK(object(false)->digest() == object(true)->digest());
  CHECK_FALSE(validators_of(static_cast<const Object*>(nullptr)).exists);
}

TEST_CASE("one version's tag on the plain routes changes with its context") {
  const Dot first{{{1, 2}, 1}, 1}, second{{{1, 2}, 1}, 2};
  const auto object = [&](const VersionVector& seen) {
    std::vector<Sibling> siblings;
    siblings.push_back({.dot = first, .value = Blob(std::string("v"))});
    return Object::make(seen, siblings);
  };
  const ObjectPtr alone = object(VersionVector().with(first));
  const ObjectPtr later = object(VersionVector().with(first).with(second));
  CHECK(validators_of(alone.get()).tag == validators_of(later.get()).tag);
  CHECK(validators_with_context(alone.get()).tag != validators_with_context(later.get()).tag);
}

}  // namespace dkv::http
