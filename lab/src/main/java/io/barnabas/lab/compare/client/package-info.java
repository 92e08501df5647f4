// SPDX-License-Identifier: Apache-2.0
/** The comparison's client, a process of its own and the same for every system: it loads, reads, and checks each record. */
package io.barnabas.lab.compare.client;
