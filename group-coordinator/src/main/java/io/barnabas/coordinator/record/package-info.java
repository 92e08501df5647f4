// SPDX-License-Identifier: Apache-2.0
/** The records of internal topics: their bytes, and how fields are written and read. */
package io.barnabas.coordinator.record;
