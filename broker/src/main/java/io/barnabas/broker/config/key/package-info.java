// SPDX-License-Identifier: Apache-2.0
/** The keys of {@code server.properties}: which there are, their types, limits and update modes, and how a file is read. */
package io.barnabas.broker.config.key;
