// SPDX-License-Identifier: GPL-3.0-or-later
#include "pricing/base/hmac.h"

#include <QtTest>

using perunit::HmacSha256;

/// HMAC-SHA-256 against the test cases of RFC 4231.
class TestHmac : public QObject
{
    Q_OBJECT
private slots:
    void rfc4231_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("1: short") << QByteArray(20, '\x0b') << QByteArray("Hi There")
                                  << QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        QTest::newRow("2: a key shorter than the code")
            << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
            << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        QTest::newRow("3: more than a block")
            << QByteArray(20, '\xaa') << QByteArray(50, '\xdd')
            << QByteArray("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
        QTest::newRow("4: another key") << QByteArray::fromHex("0102030405060708090a0b0c0d0e0f10111213141516171819")
                                        << QByteArray(50, '\xcd')
                                        << QByteArray(
                                               "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
        QTest::newRow("6: a key longer than a block")
            << QByteArray(131, '\xaa') << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
            << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        QTest::newRow("7: long key, long message")
            << QByteArray(131, '\xaa')
            << QByteArray("This is a test using a larger than block-size key and a larger than block-size data. The "
                          "key needs to be hashed before being used by the HMAC algorithm.")
            << QByteArray("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
    }
    void rfc4231()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, code);
        HmacSha256 hmac(key.toStdString());
        // One after the other under the same key, also from a copy.
        for (int i = 0; i < 2; ++i) {
            const auto bytes = hmac.of(message.toStdString());
            QCOMPARE(QByteArray(reinterpret_cast<const char *>(bytes.data()), 32).toHex(), code);
        }
        HmacSha256 copy(hmac);
        const auto bytes = copy.of(message.toStdString());
        QCOMPARE(QByteArray(reinterpret_cast<const char *>(bytes.data()), 32).toHex(), code);
    }
};

QTEST_APPLESS_MAIN(TestHmac)
#include "tst_hmac.moc"
