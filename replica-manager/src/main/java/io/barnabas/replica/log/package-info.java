// SPDX-License-Identifier: Apache-2.0
/**
 * What the rest of the house knows of logs on disk: {@link io.barnabas.replica.log.PartitionLog},
 * {@link io.barnabas.replica.log.LogManager} and their words. The sub-packages implement them and nobody else needs
 * to look inside: {@code checkpoint} (small files beside the segments), {@code index}, {@code segment},
 * {@code producer}, {@code epoch}, {@code validation}, and {@code local}, which puts them together.
 */
package io.barnabas.replica.log;
