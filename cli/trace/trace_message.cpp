#include "cli/trace/trace_message.h"

#include "cli/terminal/json.h"
#include "cli/terminal/text.h"

namespace dkv::cli {
namespace {

constexpr Word<CopyReason> kCopyReasons[] = {{"write", CopyReason::kWrite},
                                             {"hint", CopyReason::kHint},
                                             {"hint_delivery", CopyReason::kHintDelivery},
                                             {"read_repair", CopyReason::kReadRepair},
                                             {"anti_entropy", CopyReason::kAntiEntropy}};
static_assert(names_each(kCopyReasons));

// The tags of the siblings. Tombstones have negative tags.
Json tags_of(const ObjectPtr& object) {
  if (!object) return nullptr;
  Json tags = Json::array();
  for (const Sibling& sibling : object->siblings()) {
    const auto tag = static_cast<std::int64_t>(sibling.tag);
    tags.push_back(sibling.tombstone ? -tag : tag);
  }
  return tags;
}

// Longer lists are replaced by their length.
constexpr std::size_t kElementsShown = 16;

// Adds the fields of a message from the message's own list. An object is shown as the tags of its siblings.
template <typename Struct>
struct AddFields {
  Json& line;
  const Struct& value;
  const sim::Scenario& scenario;

  template <typename Member, typename Format = field::Plain>
  bool operator()(const char* name, Member Struct::* member, const Format& format = {}) const {
    add(name, value.*member, format);
    return true;
  }
  template <typename Check>
  bool rule(const char*, Check) const {
    return true;
  }

 private:
  template <typename Number>
  void add(const char* name, const Number& number, field::Fixed) const {
    line[name] = number;
  }
  template <typename Number>
  void add(const char* name, const Number& number, field::Varint) const {
    line[name] = number;
  }
  void add(const char* name, CopyReason reason, field::UpTo<CopyReason>) const {
    line[name] = name_of(kCopyReasons, reason);
  }
  void add(const char* name, bool flag, field::Plain) const { line[name] = flag; }
  void add(const char* name, const Key& key, field::Plain) const { line[name] = key_text(key); }
  // A clock is shown as its number of entries and isolated dots.
  void add(const char* name, const VersionVector& clock, field::Plain) const { line[name] = clock.size(); }
  void add(const char*, const ClientRequest& request, field::Plain) const { add_request(line, request); }
  void add(const char*, const ClientReply& reply, field::Plain) const { add_reply(line, reply, scenario); }
  template <field::Listed Nested>
  void add(const char* name, const Nested& nested, field::Plain) const {
    line[name] = of(nested);
  }
  void add(const char*, const ObjectPtr& object, field::Present) const { line["tags"] = tags_of(object); }
  void add(const char*, const ObjectPtr& object, field::Nullable) const { line["tags"] = tags_of(object); }
  template <typename When>
  void add(const char* name, const NodeId& node, const field::NodeWhen<Struct, When>&) const {
    if (node != kNoNode) line[name] = node_name(scenario, node);
  }
  template <typename Element>
  void add(const char* name, const std::vector<Element>& list, field::List) const {
    if (list.size() > kElementsShown) {
      line[name] = list.size();
      return;
    }
    Json elements = Json::array();
    for (const Element& element : list) elements.push_back(of(element));
    line[name] = std::move(elements);
  }
  template <typename Element, typename By>
  void add(const char* name, const std::vector<Element>& list, const field::Ascending<Element, By>& format) const {
    add(name, list, field::List{format.most});
  }
  void add(const char*, const std::vector<std::uint64_t>&, field::Hashes) const {}  // useless for a reader

  Json of(const Key& key) const { return key_text(key); }
  template <field::Listed Nested>
  Json of(const Nested& nested) const {
    Json fields = Json::object();
    Nested::fields(AddFields<Nested>{fields, nested, scenario});
    return fields;
  }
};

}  // namespace

std::string key_text(const Key& key) {
  if (key.empty()) return {};
  if (key.bucket() == kDefaultBucket) return std::string(key.key());
  return std::string(key.bucket()) + "/" + std::string(key.key());
}

void add_message(Json& line, const Message& message, const sim::Scenario& scenario) {
  line["message"] = message_name(message);
  visit_message([&]<typename M>(const M& m) { M::fields(AddFields<M>{line, m, scenario}); }, message);
}

void add_request(Json& line, const ClientRequest& request) {
  line["request"] = request_name(request.kind);
  line["key"] = key_text(request.key);
  line["mode"] = request.mode == QuorumMode::kStrict ? "strict" : "sloppy";
  line["need"] = request.need;
  if (request.need_primary > 0) line["need_primary"] = request.need_primary;
  if (request.kind == RequestKind::kGet) return;
  line["tag"] = request.tag;
  line["blind"] = request.context.seen.empty();
}

void add_reply(Json& line, const ClientReply& reply, const sim::Scenario& scenario) {
  line["outcome"] = outcome_name(reply.outcome);
  if (reply.reason != Reason::kNone) line["why"] = reason_name(reply.reason);
  line["acks"] = {{"total", reply.acks.total},
                  {"primary", reply.acks.primary},
                  {"fallback", reply.acks.fallback},
                  {"need", reply.acks.need}};
  if (reply.coordinator != kNoNode) line["coordinator"] = node_name(scenario, reply.coordinator);
  if (reply.object) line["tags"] = tags_of(reply.object);
}

}  // namespace dkv::cli
