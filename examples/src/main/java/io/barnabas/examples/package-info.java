// SPDX-License-Identifier: Apache-2.0
/** Stock Kafka clients at work on a Barnabas cluster: small programs to read, run and break brokers under. */
package io.barnabas.examples;
