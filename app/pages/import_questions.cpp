// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/import_questions.h"

#include "app/pages/page_layout.h"
#include "widgets/text/text.h"
#include "widgets/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace perunit {

namespace {

constexpr int buttonWidth = 140; ///< one column for the answers of all questions

QString answerName(const ImportReading &reading)
{
    if (reading.answer == "point")
        return ImportQuestionsCard::tr("Decimal point");
    if (reading.answer == "comma")
        return ImportQuestionsCard::tr("Decimal comma");
    return reading.answer == "day-first" ? ImportQuestionsCard::tr("Day first")
                                         : ImportQuestionsCard::tr("Month first");
}

QString answerMeaning(const ImportQuestion &question, const ImportReading &reading)
{
    const bool number = question.kind == ImportQuestion::Kind::DecimalMark;
    QString text = number ? ImportQuestionsCard::tr("'%1' is %2, the column adds up to %3")
                          : ImportQuestionsCard::tr("'%1' is %2, the column spans %3");
    text = text.arg(toQt(question.example), toQt(reading.example), toQt(reading.total));
    if (reading.unreadable > 0)
        text += ImportQuestionsCard::tr(", %n values cannot be read so", nullptr, static_cast<int>(reading.unreadable));
    return text;
}

} // namespace

ImportQuestionsCard::ImportQuestionsCard(QWidget *parent)
    : Card(tr("How it is meant"), parent)
{
    hide();
}

void ImportQuestionsCard::setQuestions(const std::vector<ImportQuestion> &questions,
                                       const std::vector<std::string> &notes)
{
    setVisible(!questions.empty() || !notes.empty());
    m_lines = new QWidget(this);
    m_layout = new QVBoxLayout(m_lines);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(Theme::space2);
    for (const ImportQuestion &question : questions)
        addQuestion(question);
    for (const std::string &note : notes) {
        QLabel *label = newLabel(toQt(note), "caption", m_lines);
        label->setWordWrap(true);
        m_layout->addWidget(label);
    }
    setContent(m_lines);
}

void ImportQuestionsCard::addQuestion(const ImportQuestion &question)
{
    QString text = toQt(questionText(question));
    text.replace(0, 1, text.front().toUpper());
    QLabel *label = newLabel(text, "body", m_lines);
    label->setWordWrap(true);
    m_layout->addWidget(label);
    auto *answers = new QGridLayout;
    answers->setHorizontalSpacing(Theme::space3);
    answers->setVerticalSpacing(Theme::space2);
    answers->setColumnMinimumWidth(0, buttonWidth);
    answers->setColumnStretch(1, 1);
    for (const ImportReading &reading : question.readings) {
        auto *button = new QPushButton(answerName(reading), m_lines);
        button->setAccessibleName(tr("%1 for column %2").arg(answerName(reading), toQt(question.column)));
        QLabel *meaning = newLabel(answerMeaning(question, reading), "body", m_lines);
        meaning->setWordWrap(true);
        connect(button, &QPushButton::clicked, this,
                [this, kind = question.kind, answer = reading.answer] { emit answered(kind, answer); });
        const int row = answers->rowCount();
        answers->addWidget(button, row, 0);
        answers->addWidget(meaning, row, 1);
    }
    m_layout->addLayout(answers);
}

} // namespace perunit
