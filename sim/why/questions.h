// One function for each kind of finding. Each adds the steps that explain it.
#pragma once

#include <string>
#include <vector>

#include "sim/why/case.h"

namespace dkv::why {

// An operation that was refused, or whose outcome is unknown: the nodes that did not answer, and why.
void explain_refusal(const Case& about, const Operation& operation, Steps& steps);
// A get that did not show this write.
void explain_missed(const Case& about, const Operation& get, WriteTag missed, Steps& steps);
// A get that showed several siblings: what their writers had seen of each other.
void explain_siblings(const Case& about, const Operation& get, Steps& steps);
// Any answer of a get: the states that it was made of.
void explain_answer(const Case& about, const Operation& get, Steps& steps);

// I7: what a node of the idle copy does, and the states that make it do so.
void explain_idle(const Case& about, const Found& found, Steps& steps);
// I8: the life of a hint and its deliveries.
void explain_hint(const Case& about, const Found& found, const Key& key, Steps& steps);
// I3: a hint that still waits at the end. How far its deliveries came.
void explain_waiting_hint(const Case& about, const Found& found, const Key& key, Steps& steps);
// A violation that the oracles found, in the second run.
void explain_violation(const Case& about, const Found& found, Steps& steps);
// A number of the run that is not within its bound.
void explain_number(const Case& about, const sim::Expectation& expect, const sim::RunResult& result, Steps& steps);

}  // namespace dkv::why
