// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/importer.h"
#include "widgets/inputs/mapping_edit.h"

#include <vector>

namespace perunit {

/// A mapping as the editor shows it.
MappingValue shownMapping(const ColumnMapping &mapping);

/// What the user chose on top of the mapping it was made from: facts that the editor does not show stay.
ColumnMapping chosenMapping(const MappingValue &value, ColumnMapping mapping);

/// The columns of a file, with samples of their texts.
std::vector<MappingColumn> columnsOf(const ImportPreview &preview);

/// Fields of which the user can say where they come from. A request log has columns of any name; a trace has fixed
/// ones, but can be told what is the same for all its rows. Other formats say everything themselves.
std::vector<MappingField> mappedFields(const ImportPreview &preview);

} // namespace perunit
