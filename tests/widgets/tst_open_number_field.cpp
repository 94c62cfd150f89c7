// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/accessible_names.h"
#include "widgets/inputs/open_number_field.h"

#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace perunit;

namespace {

ParameterScale dollars()
{
    ParameterScale scale(
        ParameterSpec{"price", "", ParameterUnit::Money, 0, 1000'000'000'000, 0, "", {}, 100'000'000'000});
    scale.setUnitName(QStringLiteral("USD"));
    return scale;
}

} // namespace

class TestOpenNumberField : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<OpenNumberField> m_field;

    void type(const QString &text) const
    {
        m_field->line()->selectAll();
        QTest::keyClick(m_field->line(), Qt::Key_Delete);
        QTest::keyClicks(m_field->line(), text);
        QTest::keyClick(m_field->line(), Qt::Key_Return);
    }

private slots:
    void init()
    {
        m_field = std::make_unique<OpenNumberField>(QStringLiteral("Price"));
        m_field->setLocale(QLocale::c());
        m_field->setScale(dollars());
        m_field->setOtherwise(QStringLiteral("221"));
        m_field->setFixedWidth(200);
        m_field->show();
    }
    void cleanup() { m_field.reset(); }

    void anEmptyFieldShowsWhatHolds()
    {
        QVERIFY(!m_field->value());
        QCOMPARE(m_field->line()->placeholderText(), QStringLiteral("221"));
        QVERIFY(m_field->problem().isEmpty());
    }

    void numbersAreTakenExactly_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<qint64>("value");
        QTest::newRow("whole") << "20" << qint64(20'000'000'000);
        QTest::newRow("cents") << "20.05" << qint64(20'050'000'000);
        QTest::newRow("nine decimals") << "0.000000001" << qint64(1);
        QTest::newRow("with its unit") << "7.5 USD" << qint64(7'500'000'000);
        QTest::newRow("nothing is a number too") << "0" << qint64(0);
    }
    void numbersAreTakenExactly()
    {
        QFETCH(QString, typed);
        QFETCH(qint64, value);
        QSignalSpy edited(m_field.get(), &OpenNumberField::edited);
        type(typed);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(m_field->value(), std::optional<std::int64_t>(value));
        // The same once more is no news; left open again it is.
        type(typed);
        QCOMPARE(edited.count(), 1);
        type({});
        QCOMPARE(edited.count(), 2);
        QVERIFY(!m_field->value());
    }

    void whatCannotBeTakenIsMarkedAndStays()
    {
        QSignalSpy edited(m_field.get(), &OpenNumberField::edited);
        type(QStringLiteral("12 apples"));
        QCOMPARE(edited.count(), 0);
        QCOMPARE(m_field->line()->text(), QStringLiteral("12 apples"));
        QCOMPARE(
            m_field->problem(),
            QStringLiteral("“12 apples” cannot be taken: write a number such as 221. Until then, or when the field "
                           "is empty, this holds: 221."));
        QVERIFY(m_field->line()->property("wrong").toBool());
        // All of the words are seen.
        const QLabel *words = nullptr;
        for (const QLabel *label : m_field->findChildren<QLabel *>()) {
            if (label->text() == m_field->problem())
                words = label;
        }
        QVERIFY(words && words->isVisible());
        QVERIFY(words->height() >= words->heightForWidth(words->width()));
        // News of the value that holds does not take away what is being mended.
        m_field->setValue({});
        QCOMPARE(m_field->line()->text(), QStringLiteral("12 apples"));
        QVERIFY(!m_field->problem().isEmpty());
        QTest::keyClick(m_field->line(), Qt::Key_Backspace);
        QVERIFY(m_field->problem().isEmpty());
        // Another value does: it is about something else.
        m_field->setValue(5'000'000'000);
        QCOMPARE(m_field->line()->text(), QStringLiteral("5"));
    }

    void escapeBringsBackWhatHolds()
    {
        type(QStringLiteral("20"));
        type(QStringLiteral("2000"));
        QVERIFY2(m_field->problem().contains("Must be between 0 USD and 1000 USD. Until then 20 USD holds."),
                 qPrintable(m_field->problem()));
        QTest::keyClick(m_field->line(), Qt::Key_Escape);
        QVERIFY(m_field->problem().isEmpty());
        QCOMPARE(m_field->line()->text(), QStringLiteral("20"));
        QCOMPARE(m_field->value(), std::optional<std::int64_t>(20'000'000'000));
    }

    void whatIsNeededIsSaid()
    {
        m_field->setOtherwise(QStringLiteral("not public"));
        m_field->setNeeded(true);
        QCOMPARE(m_field->findChild<QLabel *>()->text(), QStringLiteral("Price – needed"));
        type(QStringLiteral("x"));
        QCOMPARE(m_field->problem(),
                 QStringLiteral("“x” cannot be taken: write a number such as 100. Until then nothing is computed."));
    }

    void problemsWithOthersAreTheOwners()
    {
        m_field->setProblem(QStringLiteral("Does not fit."));
        QCOMPARE(m_field->problem(), QStringLiteral("Does not fit."));
        QVERIFY(m_field->line()->property("wrong").toBool());
        m_field->setProblem({});
        QVERIFY(!m_field->line()->property("wrong").toBool());
        const AccessibleNames names = accessibleNames(m_field.get());
        QVERIFY(names.unnamed.isEmpty());
    }
};

QTEST_MAIN(TestOpenNumberField)
#include "tst_open_number_field.moc"
