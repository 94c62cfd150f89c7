// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/jobs/job_runner.h"
#include "app/shell/page.h"
#include "model/analyses/goal_seek.h"
#include "model/analyses/kill_number.h"
#include "model/analyses/savings.h"
#include "model/analyses/tornado.h"
#include "widgets/feedback/card.h"

#include <QTimer>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

class QLabel;
class QPushButton;

namespace perunit {

class ChoiceBox;
class FigureView;
class GoalView;
class JobStrip;
class SegmentedSwitch;
class ValueTable;

/// What moves a scenario: tornado, savings that do not overlap, kill numbers against the reference, goal seek. Computed
/// beside the window, with progress and cancel; a newer wish takes the place of an older one.
class AnalysesCard : public Card
{
    Q_OBJECT
public:
    explicit AnalysesCard(const PageContext &context, QWidget *parent = nullptr);

    /// Which scenario is looked at, and which one it is compared with; empty ids are the baseline.
    void setPair(const std::string &scenario, const std::string &reference);
    /// While held (a slider is being dragged) nothing is computed; afterwards what has changed is.
    void setHeld(bool held);
    /// Shows "tornado", "savings", "kill" or "goal".
    void setView(const QString &view);
    [[nodiscard]] bool isComputing() const { return m_job.isBusy(); }

signals:
    /// What is computed has arrived and is shown, or was given up.
    void finished();

private:
    using Answer = std::variant<std::monostate, Tornado, SavingsList, KillNumbers, GoalSeekResult>;
    /// All that an answer depends on.
    struct Wish {
        QString view;
        std::shared_ptr<const Baseline> baseline;
        EvaluationRequest scenario;
        EvaluationRequest reference;
        OutcomeFigure figure;
        std::optional<GoalSeekRequest> goal;
        [[nodiscard]] bool asksTheSame(const Wish &other) const;
    };

    void buildContent();
    void refresh();
    void refreshFigures();
    [[nodiscard]] std::optional<Wish> currentWish() const;
    [[nodiscard]] std::optional<EvaluationRequest> requestOf(const std::string &id) const;
    [[nodiscard]] QString nameOf(const std::string &id) const;
    void start(const Wish &wish);
    void seek();
    void useValue(const std::string &leverId, const std::string &parameter, std::int64_t value);
    void cancel();
    void showAnswer(const Wish &wish, const Result<Answer> &answer);
    void showRow(const QString &key);
    void showProgress();
    void showNothing(const QString &why);
    void showEvent(QShowEvent *event) override;

    PageContext m_context;
    std::string m_scenario;
    std::string m_reference;
    bool m_held = false;
    bool m_cancelled = false;
    std::optional<Wish> m_asked; ///< running, or shown
    std::shared_ptr<std::atomic<int>> m_evaluations;
    int m_expected = 0; ///< evaluations; 0: unknown
    SegmentedSwitch *m_view = nullptr;
    ChoiceBox *m_figure = nullptr;
    JobStrip *m_strip = nullptr;
    QPushButton *m_again = nullptr;
    QLabel *m_state = nullptr;
    QLabel *m_headline = nullptr; ///< what a table without a picture says, in words
    QLabel *m_detail = nullptr;   ///< what the chosen row says, in words
    FigureView *m_picture = nullptr;
    ValueTable *m_table = nullptr;
    GoalView *m_goal = nullptr;
    QTimer m_poll;
    JobRunner m_job;
};

} // namespace perunit
