// The steps of a tp import: their letters, order and names, which of them a request runs, how long they take.
#pragma once

#include "simulator/cts/request.hpp"
#include "simulator/tms/landscape_spec.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace almd {

/// What a request brings, as far as steps and their time depend on it. Which object type is of which kind is practice (I).
struct ImportContents {
    std::uint32_t code = 0;         ///< programs, classes and whatever else is generated
    std::uint32_t dictionary = 0;   ///< definitions of the ABAP Dictionary, which are activated
    std::uint32_t tables = 0;       ///< contents of tables, views and clusters
    std::uint32_t applications = 0; ///< application-defined objects: forms, styles, standard texts

    static ImportContents of(TransportRequest const& request); ///< of its own list: a released one has all of it
    void add(ObjectView object);                               ///< comments count for nothing
    bool only_tables() const { return tables > 0 && code + dictionary + applications == 0; }
    friend bool operator==(ImportContents const&, ImportContents const&) = default;
};

/// All steps in tp's order (3.3 of the reference, V); each runs for every request before the next one starts (V).
std::string_view step_order();
/// The steps that a request runs (I): table contents L I R, everything else L H A I M R G; S N 6 as well if definitions
/// of the dictionary are in it, D if application-defined objects are, V if VERS_AT_IMP says so.
std::string steps_of(TpProfile const& profile, TrFunction function, ImportContents const& contents);
/// Those of them that are left when it is resumed at that step; 0: all.
std::string steps_from(std::string_view steps, char resume_at);
bool is_before(char step, char other); ///< in tp's order
/// "MAIN IMPORT"; also of the marks that ALOG has besides: E export, < forward, > remove from buffer, ! import end (V).
std::string_view step_name(char step);
/// A, N, S, G ...: one run for all requests; a code of 8 or more counts for every request of the call (V).
bool is_request_independent(char step);
/// All but L, H and I, which R3trans does alone: RDDIMPDP runs them as a background job (rule V, letters I).
bool needs_batch_process(char step);

/// One step of a request that runs these: its share of per_request, and of each object what its kind takes there. An
/// object of code costs per_object, a definition of the dictionary three times that, table contents a fifth of it (I).
Duration step_duration(TpProfile const& profile, std::string_view steps, ImportContents const& contents, char step);

} // namespace almd
