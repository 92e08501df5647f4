// SPDX-License-Identifier: Apache-2.0
/** The systems compared, as processes on loopback, and an outsider's questions to each of their brokers. */
package io.barnabas.lab.compare.cluster;
