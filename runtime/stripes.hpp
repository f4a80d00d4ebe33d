// Which rows of a region share a transaction, so that what one leaves behind holds the next.
//
// An UPDATE stays on its page, and touches no index, where the page has room. A full page has none:
// so a first share of its rows goes elsewhere, and every later share finds the room that the share
// before it left (facts measured: half the time of one UPDATE, a sixth of its growth). That holds
// where the shares of a page are even, and where nobody still sees what a share left.
#pragma once

#include <string>
#include <vector>

#include "planner/plan.hpp"
#include "runtime/session.hpp"

namespace segue::runtime {

// A page of an index is filled to nine tenths when it is built. The share that goes elsewhere puts
// a second entry for each of its rows into it: a tenth fits, an eighth splits nearly every page
// (measured). More turns would only look at every row more often.
inline constexpr unsigned stripes = 10;

// Between two shares of the same blocks lie those of the region's other ranges: by then the
// sessions that saw what the first left behind are gone, other workers among them.
inline constexpr unsigned ranges_per_region = 4;

// Where pages have room from the start (a fillfactor, rows deleted since), a share may be as large
// as that room, and nothing goes elsewhere. A turn costs a look at every row of its region.
unsigned turns_for(double room);  // of a page, as a part of its rows

struct Striping {
  // An integer column whose values follow the rows' order, so that its remainders spread each
  // page's rows evenly. Empty: the row's place in its page decides, which is even for any table and
  // costs a third more (both are looked at for every row in every turn).
  std::string column;
  std::string reason;  // one sentence, for whoever watches
  unsigned turns = stripes;

  // The rows of a turn, from 0 on: SQL over the row.
  std::string condition(unsigned turn) const;
};

// By a look at a few pages in the middle of the leaf. `key`: the columns that tell a row.
Striping choose_striping(Session& session, const planner::QualifiedName& leaf,
                         const std::vector<std::string>& key);

}  // namespace segue::runtime
