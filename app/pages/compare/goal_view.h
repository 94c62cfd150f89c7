// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/analyses/goal_seek.h"
#include "widgets/inputs/choices.h"

#include <QWidget>

#include <optional>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;

namespace perunit {

class ChoiceBox;

/// Asks which value of a number of a lever makes a figure what it shall be, and shows the answer.
class GoalView : public QWidget
{
    Q_OBJECT
public:
    explicit GoalView(QWidget *parent = nullptr);

    /// Numbers and figures of a scenario to choose from. An answer that belongs to something else goes away.
    void setScenario(const EvaluationRequest &scenario, const std::vector<ChoiceItem> &figures,
                     const std::string &currency);
    void setResult(const Result<GoalSeekResult> &result);
    void setBusy(bool busy);
    /// What is asked for; nothing while a field is empty or cannot be read, with the reason at the field.
    [[nodiscard]] std::optional<GoalSeekRequest> request();

signals:
    void seekRequested();
    /// The answer shall be set in the scenario.
    void useRequested(const std::string &leverId, const std::string &parameter, qint64 value);

private:
    void buildFields();
    void showAnswer();
    void forget();

    EvaluationRequest m_scenario;
    std::string m_currency;
    std::optional<GoalSeekResult> m_result;
    ChoiceBox *m_parameter = nullptr;
    ChoiceBox *m_figure = nullptr;
    ChoiceBox *m_comparison = nullptr;
    QLineEdit *m_value = nullptr;
    QLabel *m_unit = nullptr;
    QLabel *m_problem = nullptr;
    QPushButton *m_seek = nullptr;
    QLabel *m_answer = nullptr;
    QLabel *m_checks = nullptr;
    QPushButton *m_use = nullptr;
};

} // namespace perunit
