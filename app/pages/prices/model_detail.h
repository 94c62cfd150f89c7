// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pricing/catalogue/price_book.h"

#include <QWidget>

class QLabel;

namespace perunit {

class ValueTable;

/// One model: what it is called, all its prices with when they hold, and who says so.
class ModelDetail : public QWidget
{
    Q_OBJECT
public:
    explicit ModelDetail(QWidget *parent = nullptr);

    /// Shows a model; one that was not found shows `name` and what can be done.
    void show(const PriceBook *book, ModelIndex index, const QString &name = {});

private:
    void showRates(const PriceBook &book, const CatalogueModel &model);
    void showSources(const CatalogueModel &model);

    QLabel *m_name = nullptr;
    QLabel *m_facts = nullptr;
    ValueTable *m_rates = nullptr;
    QLabel *m_sources = nullptr;
};

} // namespace perunit
