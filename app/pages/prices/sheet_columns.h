// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/price_sheet.h"

#include <QWidget>

#include <memory>
#include <optional>

namespace perunit {

class MappingEdit;
struct MappingValue;

/// Which column of a price sheet is what, and for how much its prices are: asked where the sheet does not say it, and
/// changed where it was understood wrongly.
class SheetColumns : public QWidget
{
    Q_OBJECT
public:
    explicit SheetColumns(QWidget *parent = nullptr);

    /// Shows a sheet. `problem`: why its prices cannot be read that way, if they cannot.
    void setLook(const QString &path, const PriceSheetLook &look, const std::optional<Error> &problem);

signals:
    /// The user said what a column is.
    void edited(const perunit::PriceSheetMapping &mapping);

private:
    void changed(const MappingValue &value);

    QString m_path;
    PriceSheetMapping m_mapping; ///< what the editor does not show stays
    MappingEdit *m_edit = nullptr;
};

/// What is still to be said about a sheet before it has prices; empty when nothing is.
QString missingText(const PriceSheetLook &look);

} // namespace perunit
