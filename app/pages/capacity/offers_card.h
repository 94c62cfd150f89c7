// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_text.h"
#include "app/pages/capacity/offer_comparison.h"
#include "widgets/feedback/card.h"

#include <QString>

#include <vector>

namespace perunit {

class ValueTable;

/// All offers and terms for this load, the cheapest first; those that cannot be calculated with their reason. A click
/// or Enter chooses one.
class OffersCard : public Card
{
    Q_OBJECT
public:
    explicit OffersCard(QWidget *parent = nullptr);

    void setOffers(const std::vector<ComparedOffer> &offers, const CostSpan &span);
    /// Which of them the page shows.
    void setCurrent(const std::string &offer, const std::string &term);
    /// While they are being compared, or why they cannot be.
    void setState(const QString &text);

signals:
    void chosen(const std::string &offer, const std::string &term);

private:
    void choose(const QString &key);
    ValueTable *m_table;
};

} // namespace perunit
