// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

/**
 * What a store or a city has sold.
 *
 * @param name of the store or the city
 * @param sales how many receipts
 * @param cents their sum
 */
public record Turnover(String name, long sales, long cents) {
    static Turnover none() {
        return new Turnover("", 0, 0);
    }

    Turnover plus(String seller, Sale sale) {
        return new Turnover(seller, sales + 1, cents + sale.cents());
    }

    Turnover plus(Turnover other) {
        return new Turnover(name, sales + other.sales, cents + other.cents);
    }
}
