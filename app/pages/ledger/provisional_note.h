// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/completeness.h"

#include <QString>

namespace perunit {

/// What stands beside a total that takes in days which may still change; empty when it takes in none.
QString provisionalNote(const std::optional<Instant> &from);

} // namespace perunit
