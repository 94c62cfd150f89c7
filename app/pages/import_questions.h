// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/import/import_question.h"
#include "widgets/feedback/card.h"

#include <string>
#include <vector>

class QVBoxLayout;

namespace perunit {

/// What a file leaves open about its numbers and dates: each question with what either answer makes of the file. Hidden
/// when nothing is open and nothing was answered.
class ImportQuestionsCard : public Card
{
    Q_OBJECT
public:
    explicit ImportQuestionsCard(QWidget *parent = nullptr);

    /// Shows the open questions; `notes` say how the file was read and why.
    void setQuestions(const std::vector<ImportQuestion> &questions, const std::vector<std::string> &notes);

signals:
    /// The user said how the file is meant: one of the answers of a question.
    void answered(ImportQuestion::Kind kind, const std::string &answer);

private:
    void addQuestion(const ImportQuestion &question);

    QWidget *m_lines = nullptr;
    QVBoxLayout *m_layout = nullptr;
};

} // namespace perunit
