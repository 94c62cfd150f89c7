// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/jobs/job_runner.h"
#include "app/pages/prices/prices_view.h"
#include "model/analyses/model_comparison.h"

class QLabel;
class QPushButton;

namespace perunit {

class ChoiceBox;
class ModelDetail;
class ValueTable;

/// What the user's own requests would cost on every other model: each request by itself, not an average one. Says
/// beside it what they would cost without a prompt cache, and which requests a model cannot take.
class TrafficView : public PricesView
{
    Q_OBJECT
public:
    explicit TrafficView(const PageContext &context, QWidget *parent = nullptr);
    void refresh() override;
    QWidget *inspector() override { return m_inspector; }

private:
    struct Compared {
        std::shared_ptr<const PriceBook> book;
        ModelComparison comparison;
    };
    void refreshChoices();
    void compare();
    void refreshTable();
    void refreshSelected();
    void makeScenario();
    [[nodiscard]] Scope scope() const;

    JobRunner m_job;
    std::shared_ptr<const History> m_history; ///< whose traffic is compared
    std::shared_ptr<const PriceBook> m_book;
    std::shared_ptr<const Compared> m_compared;
    QString m_problem;
    ChoiceBox *m_requests = nullptr;
    QLabel *m_summary = nullptr;
    ValueTable *m_table = nullptr;
    QWidget *m_inspector = nullptr;
    QPushButton *m_scenario = nullptr;
    ModelDetail *m_detail = nullptr;
};

} // namespace perunit
