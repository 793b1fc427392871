// Setbacks of acknowledged writes in words. Each word comes from the record of what happened, none from a setting.
#pragma once

#include <string>

#include "sim/scenario/scenario.h"
#include "sim/watch/witness.h"

namespace dkv::story {

// The write with its value, if people can read that: "\"milk\" (#3)", "the delete #4", "#12".
std::string write_words(WriteTag tag, bool remove, bool has_value, const Blob& value);
// Who answered the stale read, why each had not the write, and who had it.
std::string cause_words(const sim::StaleCause& cause, const sim::Setback& stale, const sim::Scenario& scenario);
// The whole setback, without the client's name: "misses \"v2\" (#2), acknowledged at 4.001s: ...".
std::string setback_words(const sim::Setback& setback, const sim::StaleCause& cause, const sim::Scenario& scenario);
// For programs: "on_its_way".
const char* absence_name(sim::Absence absence) noexcept;
// The ways by which a replica could have got a copy that it missed, and that were off or had ended: "; read repair is
// off". Empty when all were on.
std::string paths_off(const sim::Scenario& scenario, std::uint64_t hints_expired);

}  // namespace dkv::story
