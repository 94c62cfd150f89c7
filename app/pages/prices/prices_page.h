// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shell/page.h"

#include <map>

class QStackedWidget;

namespace perunit {

class PricesView;
class SegmentedSwitch;

/// What each model costs, since when, says who; how recorded names were matched and what has no price; what the user's
/// own traffic would cost on other models; contracts and invoices. Each list is a PricesView.
class PricesPage : public Page
{
    Q_OBJECT
public:
    explicit PricesPage(const PageContext &context, QWidget *parent = nullptr);

    QWidget *inspector() override;
    /// Shows one of the lists: "matching", "models", "traffic", "contract", "invoice", "catalogues".
    void showView(const QString &id) override;

protected:
    void refresh() override;

private:
    void addView(const QString &id, PricesView *view, const QString &text, const QString &help);
    void viewChosen();

    SegmentedSwitch *m_kind = nullptr;
    QStackedWidget *m_views = nullptr;
    QStackedWidget *m_inspectors = nullptr;
    std::map<QString, PricesView *> m_viewOf;
    std::map<PricesView *, QWidget *> m_inspectorOf;
};

} // namespace perunit
