// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/engine/outcome.h"

#include <QString>
#include <QStringList>

namespace perunit {

/// What an outcome says beside money, a short sentence each: right answers, how unequal runs of agents are, what
/// caches are assumed to reach, how full reserved capacity is. Empty when no lever speaks of any of it.
QStringList outcomeFacts(const Outcome &outcome);

/// "92.0 % → 90.1 %" of right answers.
QString qualityText(const Outcome::Quality &quality);

} // namespace perunit
