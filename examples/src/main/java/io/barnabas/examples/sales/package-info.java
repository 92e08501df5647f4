// SPDX-License-Identifier: Apache-2.0
/** Live sales of a retailer's stores: a Kafka Streams application that counts every sale exactly once. */
package io.barnabas.examples.sales;
