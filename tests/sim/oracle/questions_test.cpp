// I12: the questions after the end, and their answers.
#include "sim/oracle/questions.h"

#include <map>
#include <set>

#include "tests/catch.h"

using namespace dkv;
using namespace dkv::sim;

namespace {

Key key_number(int k) {
  return *Key::make(kDefaultBucket, "key " + std::to_string(k));
}

std::vector<Key> keys(int count) {
  std::vector<Key> all;
  for (int k = 0; k < count; ++k) all.push_back(key_number(k));
  return all;
}

// A cluster that answers with what `reply` says.
template <class Reply>
std::vector<Questions::Question> ask_all(Questions& questions, Reply&& reply) {
  std::vector<Questions::Question> asked;
  std::vector<Questions::Question> open = questions.begin();
  while (!open.empty()) {
    const Questions::Question question = open.front();
    open.erase(open.begin());
    asked.push_back(question);
    if (const auto next = questions.answered(question.token, reply(question))) open.push_back(*next);
  }
  return asked;
}

ClientReply done(const Questions::Question& question) {
  ClientReply reply{.outcome = Outcome::kDone};
  const Dot dot{{{1, 1}, 1}, question.token & 0xffff};
  reply.context = {VersionVector().with(dot), Hlc{question.token & 0xffff}};
  return reply;
}

ClientReply refused(Reason reason) {
  return {.outcome = Outcome::kRefused, .reason = reason};
}

constexpr Questions::Terms kThreeNodes{.nodes = 3, .replicas = 3, .write_need = 2, .at_once = 2};

}  // namespace

TEST_CASE("each key is read and written at one node after the other, and deleted at the last one") {
  Questions::Terms terms = kThreeNodes;
  terms.through_all = 1;
  Questions questions(terms, keys(4), 1);
  std::map<std::string, std::string> order;
  const auto asked = ask_all(questions, [&](const Questions::Question& question) {
    CHECK(Questions::is_token(question.token));
    order[std::string(question.request.key.key())] +=
        std::string(request_name(question.request.kind)) + std::to_string(question.node) + " ";
    return done(question);
  });
  CHECK(order["key 0"] == "get1 put1 get2 put2 get0 put0 delete0 ");
  CHECK(order["key 1"] == "get2 put2 delete2 ");
  CHECK(order["key 2"] == "get0 put0 delete0 ");
  CHECK(order["key 3"] == "get1 put1 delete1 ");
  CHECK(asked.size() == Questions::count(4, 1, 3));
  CHECK(questions.asked() == asked.size());
  CHECK(questions.done());
  CHECK(questions.findings().empty());
}

TEST_CASE("a get asks all replicas, and a write carries the context of the answer before it") {
  Questions questions(kThreeNodes, keys(1), 0);
  Context last;
  for (const Questions::Question& question : ask_all(questions, done)) {
    if (question.request.kind == RequestKind::kGet) {
      CHECK(question.request.need == 3);
      CHECK(question.request.need_primary == 3);
      CHECK(question.request.context == Context());
    } else {
      CHECK(question.request.need == 2);
      CHECK(question.request.context == last);
    }
    last = done(question).context;
  }
}

TEST_CASE("an answer that speaks of the key is a finding at once") {
  Questions questions(kThreeNodes, keys(1), 0);
  const auto asked = ask_all(questions, [](const Questions::Question& question) {
    return question.request.kind == RequestKind::kPut ? refused(Reason::kBadRequest) : done(question);
  });
  CHECK(asked.size() == 3);
  REQUIRE(questions.findings().size() == 1);
  const Questions::Finding& finding = questions.findings()[0];
  CHECK(finding.kind == RequestKind::kPut);
  CHECK(finding.node == 0);
  CHECK(finding.key == key_number(0));
  CHECK(finding.with_context);
  CHECK(finding.asked == 1);
  CHECK(finding.reply->reason == Reason::kBadRequest);
}

TEST_CASE("an answer that speaks of the moment is asked for again, and is a finding when it stays") {
  Questions questions(kThreeNodes, keys(1), 0);
  int failures = 3;
  ask_all(questions, [&](const Questions::Question& question) {
    return failures-- > 0 ? refused(Reason::kOverloaded) : done(question);
  });
  CHECK(questions.findings().empty());
  Questions again(kThreeNodes, keys(1), 0);
  ask_all(again, [&](const Questions::Question&) { return refused(Reason::kTooFewReplicas); });
  REQUIRE(again.findings().size() == 3);
  CHECK(again.findings()[0].asked == 4);
  CHECK_FALSE(again.findings()[1].with_context);
}

// Without its context a put may meet the cap of siblings. The finding is then the get, which gave no context.
TEST_CASE("a put without a context may meet the cap of siblings") {
  Questions questions(kThreeNodes, keys(1), 0);
  ask_all(questions, [&](const Questions::Question& question) {
    return refused(question.request.kind == RequestKind::kGet ? Reason::kBadRequest : Reason::kTooManySiblings);
  });
  REQUIRE(questions.findings().size() == 1);
  CHECK(questions.findings()[0].kind == RequestKind::kGet);
  Questions with_context(kThreeNodes, keys(1), 0);
  ask_all(with_context, [&](const Questions::Question& question) {
    return question.request.kind == RequestKind::kPut ? refused(Reason::kTooManySiblings) : done(question);
  });
  CHECK(with_context.findings().size() == 1);
}

TEST_CASE("a question without an answer is a finding, and a late answer is nothing") {
  Questions questions(kThreeNodes, keys(3), 0);
  const auto first = questions.begin();
  REQUIRE(first.size() == 2);
  questions.end();
  CHECK(questions.done());
  REQUIRE(questions.findings().size() == 2);
  CHECK_FALSE(questions.findings()[0].reply);
  CHECK_FALSE(questions.answered(first[0].token, done(first[0])));
}
