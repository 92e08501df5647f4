// SPDX-License-Identifier: Apache-2.0
/** Disk blocks for what a file has not got yet. */
package io.barnabas.replica.log.blocks;
