// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

/**
 * One receipt of a till. Keyed by the store in its topic; when it was is the record's timestamp.
 *
 * @param receipt its number
 * @param department what was bought
 * @param cents what was paid
 */
public record Sale(String receipt, String department, long cents) {}
