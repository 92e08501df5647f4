// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

/** A receipt joined with the store it came from. */
record LocatedSale(Sale sale, Store store) {
    /** @param store null when nothing is known of it: its receipts count all the same */
    static LocatedSale of(Sale sale, Store store) {
        return new LocatedSale(sale, store == null ? Store.UNKNOWN : store);
    }
}
