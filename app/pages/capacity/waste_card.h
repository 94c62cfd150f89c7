// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_text.h"
#include "widgets/feedback/card.h"

#include <optional>

class QLabel;

namespace perunit {

class ExactSpinBox;
class ValueTable;

/// Where money goes that serves nothing: reserved and not deployed, deployed and not used, deployed beyond the
/// reservation, and spilled. What is deployed is the size that the page looks at; what is reserved may be more or less.
class WasteCard : public Card
{
    Q_OBJECT
public:
    explicit WasteCard(QWidget *parent = nullptr);

    /// `hourly`: price of an hourly unit over the same time; no value when none is sold or it is not known yet.
    void show(const CapacitySizing &sizing, const SizeFigures &size, std::optional<Femto> hourly,
              const CapacityWords &words);
    /// The reservation follows the size again.
    void forgetReservation();

private:
    void refresh();

    std::string m_model;
    std::string m_offer;
    std::string m_unitName;
    std::string m_currency;
    Femto m_pricePerUnit;
    Femto m_payAsYouGo;
    SizeGrid m_grid;
    SizeFigures m_size;
    std::optional<SizeFigures> m_output; ///< units for output, where they are bought apart
    std::optional<Femto> m_hourly;
    std::optional<std::int64_t> m_reserved; ///< no value: as many as are deployed
    QLabel *m_label;
    ExactSpinBox *m_field;
    ValueTable *m_table;
};

} // namespace perunit
