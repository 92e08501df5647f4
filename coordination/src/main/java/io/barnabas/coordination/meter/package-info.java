// SPDX-License-Identifier: Apache-2.0
/** Measures, as any room may take them without knowing how they are kept or shown. */
package io.barnabas.coordination.meter;
