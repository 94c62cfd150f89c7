// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/pages/capacity/capacity_lever.h"
#include "app/pages/capacity/capacity_text.h"
#include "app/pages/capacity/offer_comparison.h"
#include "app/pages/capacity/own_figures.h"
#include "app/shell/page.h"

#include <QTimer>

class QMenu;
class QPushButton;
class QVBoxLayout;

namespace perunit {

class BreakEvenCard;
class CapacityChoices;
class EmptyState;
class JobStrip;
class LoadWeekCard;
class OwnFiguresCard;
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
    /// Units for output that are shown; no value where they are not bought apart.
    [[nodiscard]] std::optional<std::int64_t> outputUnits() const;

protected:
    void refresh() override;

private:
    enum class View { NoRequests, Nothing, Filled };

    void buildViews(QVBoxLayout *column);
    QWidget *buildFilled();
    void connectSize();
    void connectDocument();
    void buildUseButton(class QLayout *controls);
    void connectChoices();
    [[nodiscard]] std::vector<EffectiveLever> levers() const;
    [[nodiscard]] CapacityWords words() const;
    void ask(const CapacityWish &wish);
    void askOffers(const CapacityWish &wish, const SizableModel &model, const CapacityChoice &choice);
    void takeOffers(const CapacityWish &wish, const std::vector<OfferComparison> &catalogue,
                    const std::vector<ComparedOffer> &offers);
    void showOwnFigures(const Baseline &baseline, const CapacityChoice &choice, bool asked);
    void stateFigure(const std::string &place, const std::string &name, std::optional<std::int64_t> value);
    void leaveFiguresOpen();
    void showUnsizable(const SizableModel &model, const CapacityChoice &choice);
    void showMissing(const Baseline &baseline, const CapacityChoice &choice, const MissingFigures &missing);
    void cancel();
    void stopAsking();
    void take(const CapacityWish &wish, const Result<std::shared_ptr<const CapacitySizing>> &answer);
    void showSizing();
    void showUnits();
    void moveTo(std::int64_t units);
    void moveOutputTo(std::int64_t units);
    void keepUnits();
    void choose(const std::function<void(CapacityChoice &)> &change);
    void showNothing(const QString &sentence, const QString &hint);
    void showView(View view);
    void showProgress();
    void fillUseMenu();
    void useIn(const std::string &scenarioId);
    void useInNew(bool keepOptimal);
    [[nodiscard]] SizeToUse sizeToUse(bool keepOptimal) const;

    CapacityChoices *m_choices;
    JobStrip *m_strip;
    OwnFiguresCard *m_ownFigures = nullptr;
    QWidget *m_filled = nullptr;
    View m_view = View::NoRequests;
    EmptyState *m_nothing = nullptr;
    EmptyState *m_noRequests = nullptr;
    SizeView *m_size = nullptr;
    OffersCard *m_offers = nullptr;
    BreakEvenCard *m_breakEven = nullptr;
    LoadWeekCard *m_week = nullptr;
    WasteCard *m_waste = nullptr;
    QPushButton *m_again = nullptr;
    QPushButton *m_replicas = nullptr;
    QPushButton *m_use = nullptr;
    QMenu *m_useMenu = nullptr;

    std::optional<CapacityWish> m_asked; ///< of the answer, or of the one to come
    std::optional<CapacityWish> m_askedOffers;
    std::optional<CapacityChoice> m_askedFigures; ///< what was stated when offers were compared
    bool m_ownFiguresWanted = false;              ///< the fields are open, also when nothing is missing
    std::shared_ptr<const CapacitySizing> m_sizing;
    std::vector<OfferComparison> m_catalogue; ///< the last comparison as the catalogues have it
    std::vector<ComparedOffer> m_compared;    ///< the same with own figures
    std::int64_t m_units = 0;
    std::optional<std::int64_t> m_outputUnits; ///< no value: as many as cost least
    bool m_held = false;                       ///< a size is being dragged
    std::shared_ptr<SizingProgress> m_progress;
    QTimer m_poll;
    QTimer m_settle; ///< a size that nobody moves any more is asked for
    JobRunner m_job;
    JobRunner m_offerJob;
};

} // namespace perunit
