// SPDX-License-Identifier: Apache-2.0
/** A log's lock, and files that are opened when first needed. */
package io.barnabas.replica.log.file;
