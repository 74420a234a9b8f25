// Stands in for the library of that name.
#pragma once

#include "imu.h"
