// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/jobs/job_runner.h"
#include "app/shell/page.h"
#include "model/analyses/price_volume_mix.h"
#include "widgets/feedback/card.h"

#include <memory>
#include <optional>

class QLabel;

namespace perunit {

class ChoiceBox;
class FigureView;
class JobStrip;
class ValueTable;

/// Why the cost of the ledger's requests differs between two of its months: volume, mix, tokens, cache, prices. It
/// speaks of what was, not of scenarios.
class MixCard : public Card
{
    Q_OBJECT
public:
    explicit MixCard(const PageContext &context, QWidget *parent = nullptr);

    [[nodiscard]] bool isComputing() const { return m_job.isBusy(); }
    /// What is shown; null while it is being worked out or impossible.
    [[nodiscard]] std::shared_ptr<const PriceVolumeMix> shown() const { return m_mix; }
    void setMonths(Month before, Month after);

protected:
    void showEvent(QShowEvent *event) override;

private:
    /// All that an answer depends on.
    struct Wish {
        std::shared_ptr<const Baseline> ledger;
        std::shared_ptr<const PriceBook> book;
        Month before;
        Month after;
        std::vector<std::string> dimensions;
        bool operator==(const Wish &) const = default;
    };
    void refresh();
    void fillMonths();
    [[nodiscard]] std::optional<Wish> currentWish() const;
    void start(const Wish &wish);
    void showMix(const Wish &wish, const Result<PriceVolumeMix> &mix);
    void showNothing(const QString &why);
    void showTable(const PriceVolumeMix &mix);

    PageContext m_context;
    std::optional<Wish> m_asked; ///< running, or shown
    std::shared_ptr<const PriceVolumeMix> m_mix;
    std::vector<Month> m_months;
    ChoiceBox *m_before = nullptr;
    ChoiceBox *m_after = nullptr;
    ChoiceBox *m_by = nullptr;
    JobStrip *m_strip = nullptr;
    QLabel *m_state = nullptr;
    FigureView *m_picture = nullptr;
    ValueTable *m_table = nullptr;
    JobRunner m_job;
};

} // namespace perunit
