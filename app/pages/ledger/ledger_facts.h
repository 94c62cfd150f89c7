// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/document/workspace_document.h"
#include "app/jobs/job_runner.h"
#include "model/analyses/completeness.h"
#include "model/analyses/dimension_use.h"
#include "model/analyses/invoice_tie.h"
#include "model/analyses/request_costs.h"
#include "model/analyses/tag_coverage.h"

#include <QObject>

#include <array>
#include <memory>
#include <optional>

namespace perunit {

/// What the views of the ledger page share: costs of single requests and the analyses over them. Each is worked out
/// beside the window when a view first asks for it, and again when the history of the document has changed.
class LedgerFacts : public QObject
{
    Q_OBJECT
public:
    explicit LedgerFacts(WorkspaceDocument &document, QObject *parent = nullptr);

    /// Each is null until it is there; asking starts the work. changed() follows.
    std::shared_ptr<const RequestCosts> costs();
    std::shared_ptr<const Completeness> completeness();
    std::shared_ptr<const CoverageReport> coverage();
    std::shared_ptr<const std::vector<RecordedTie>> recorded();
    std::shared_ptr<const DimensionUse> dimensionUse();

    /// Why something that was asked for cannot be worked out; nothing while that may still come.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }
    /// Nothing that was asked for is being worked out.
    [[nodiscard]] bool isIdle() const;

signals:
    void changed();

private:
    enum Wish : std::size_t { Days, Tags, Records, Dimensions, WishCount };
    void follow();
    void startCosts();
    void fail(const Error &error);
    void start(Wish wish);
    template <typename Value, typename Work>
    void run(Wish wish, std::shared_ptr<const Value> &target, Work work);

    WorkspaceDocument &m_document;
    std::shared_ptr<const History> m_history; ///< that everything here belongs to
    std::shared_ptr<const RequestCosts> m_costs;
    std::shared_ptr<const Completeness> m_completeness;
    std::shared_ptr<const CoverageReport> m_coverage;
    std::shared_ptr<const std::vector<RecordedTie>> m_recorded;
    std::shared_ptr<const DimensionUse> m_dimensionUse;
    std::array<bool, WishCount> m_wanted{};
    std::optional<Error> m_problem;
    JobRunner m_costsJob;
    std::array<JobRunner, WishCount> m_jobs;
};

} // namespace perunit
