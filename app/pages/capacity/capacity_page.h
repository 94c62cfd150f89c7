// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_lever.h"
#include "app/pages/capacity/capacity_text.h"
#include "app/shell/page.h"

#include <QTimer>

class QMenu;
class QPushButton;
class QStackedWidget;

namespace perunit {

class BreakEvenCard;
class CapacityChoices;
class EmptyState;
class JobStrip;
class LoadWeekCard;
class OffersCard;
class SizeView;
class WasteCard;

/// How many units of reserved throughput, of which offer, on which term: the load under a size, the cost of every
/// size, and all offers side by side. A size that is dragged is answered from the load curve at once; what takes
/// longer follows in a job.
class CapacityPage : public Page
{
    Q_OBJECT
public:
    explicit CapacityPage(const PageContext &context, QWidget *parent = nullptr);

    /// Nothing is being computed.
    [[nodiscard]] bool isReady() const;
    [[nodiscard]] std::shared_ptr<const CapacitySizing> sizing() const { return m_sizing; }
    /// The size that is shown.
    [[nodiscard]] std::int64_t units() const { return m_units; }

protected:
    void refresh() override;

private:
    void buildViews();
    void buildFilled();
    void buildUseButton(class QLayout *controls);
    void connectChoices();
    [[nodiscard]] std::vector<EffectiveLever> levers() const;
    [[nodiscard]] CapacityWords words() const;
    void ask(const CapacityWish &wish);
    void askOffers(const CapacityWish &wish);
    void take(const CapacityWish &wish, const Result<std::shared_ptr<const CapacitySizing>> &answer);
    void showSizing();
    void showUnits();
    void moveTo(std::int64_t units);
    void keepUnits();
    void choose(const std::function<void(CapacityChoice &)> &change);
    void showNothing(const QString &sentence, const QString &hint);
    void showProgress();
    void fillUseMenu();
    void useIn(const std::string &scenarioId);
    void useInNew(bool keepOptimal);
    [[nodiscard]] SizeToUse sizeToUse(bool keepOptimal) const;
    /// Price of an hourly unit of the shown offer over the same time.
    [[nodiscard]] std::optional<Femto> hourlyPrice() const;

    CapacityChoices *m_choices;
    JobStrip *m_strip;
    QStackedWidget *m_views;
    EmptyState *m_nothing = nullptr;
    EmptyState *m_noRequests = nullptr;
    SizeView *m_size = nullptr;
    OffersCard *m_offers = nullptr;
    BreakEvenCard *m_breakEven = nullptr;
    LoadWeekCard *m_week = nullptr;
    WasteCard *m_waste = nullptr;
    QPushButton *m_use = nullptr;
    QMenu *m_useMenu = nullptr;

    std::optional<CapacityWish> m_asked; ///< of the answer, or of the one to come
    std::optional<CapacityWish> m_askedOffers;
    std::shared_ptr<const CapacitySizing> m_sizing;
    std::vector<OfferComparison> m_compared; ///< of the last comparison
    std::int64_t m_units = 0;
    bool m_held = false; ///< a size is being dragged
    std::shared_ptr<std::atomic<int>> m_stage;
    QTimer m_poll;
    QTimer m_settle; ///< a size that nobody moves any more is asked for
    JobRunner m_job;
    JobRunner m_offerJob;
};

} // namespace perunit
