// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/scenario/scenario.h"

#include <string>
#include <vector>

namespace perunit {

/// What a reader needs to tell a lever from the others of its kind: the values of those conditions of its scope that
/// not all of them share ("anthropic, contract-review"). `ofKind` are the scopes of all levers of the kind, its own
/// among them. Empty when nothing tells them apart.
std::string distinction(const Scope &own, const std::vector<const Scope *> &ofKind);

} // namespace perunit
