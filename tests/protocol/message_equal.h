// Equality of messages field by field: the codec's own bytes cannot show that two fields were swapped on both ways.
#pragma once

#include <algorithm>

#include "engine/protocol/messages.h"

namespace dkv::testing {

inline bool same(const Sibling& a, const Sibling& b) {
  return a.dot == b.dot && a.hlc == b.hlc && a.tag == b.tag && a.expires_wall_ns == b.expires_wall_ns &&
         a.value == b.value && a.tombstone == b.tombstone;
}

inline bool same(const ObjectPtr& a, const ObjectPtr& b) {
  if (!a || !b) return !a && !b;
  return a->seen() == b->seen() && a->digest() == b->digest() &&
         std::ranges::equal(a->siblings(), b->siblings(),
                            [](const Sibling& x, const Sibling& y) { return same(x, y); });
}

template <typename Value>
  requires(!field::Listed<Value>)
bool same(const Value& a, const Value& b) {
  return a == b;
}
template <field::Listed Struct>
bool same(const Struct& a, const Struct& b);
template <typename Element>
bool same(const std::vector<Element>& a, const std::vector<Element>& b) {
  return std::ranges::equal(a, b, [](const Element& x, const Element& y) { return same(x, y); });
}

template <typename Struct>
struct Same {
  const Struct& a;
  const Struct& b;

  template <typename Member, typename Format = field::Plain>
  bool operator()(const char*, Member Struct::* member, const Format& = {}) const {
    return same(a.*member, b.*member);
  }
  template <typename Check>
  bool rule(const char*, Check) const {
    return true;
  }
};
template <field::Listed Struct>
bool same(const Struct& a, const Struct& b) {
  return Struct::fields(Same<Struct>{a, b});
}

inline bool same(const Message& a, const Message& b) {
  if (a.index() != b.index()) return false;
  return visit_message([&]<typename M>(const M& mine) { return same(mine, std::get<M>(b)); }, a);
}

}  // namespace dkv::testing
